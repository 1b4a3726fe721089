using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace McpImageGen.Jobs.Images;

/// <summary>The bucket of an S3 store that holds the images.</summary>
/// <param name="Endpoint">The store's http:// or https:// address.</param>
/// <param name="AccessKey">The name of the store's user.</param>
/// <param name="SecretKey">The user's secret.</param>
/// <param name="Bucket">The bucket; created if it does not exist.</param>
/// <param name="Region">The region that requests are signed for.</param>
public sealed partial record S3Connection(Uri Endpoint, string AccessKey, string SecretKey, string Bucket, string Region)
{
    /// <summary>The setting's name, as people set it.</summary>
    public const string Setting = "ConnectionStrings__images";

    private const string Form = "Endpoint=http://HOST:PORT;AccessKey=KEY;SecretKey=SECRET;Bucket=images";
    private const string DefaultRegion = "us-east-1";
    private static readonly string[] Parts = ["Endpoint", "AccessKey", "SecretKey", "Bucket", "Region"];

    /// <summary>
    /// Parses <c>Endpoint=http://…;AccessKey=…;SecretKey=…;Bucket=images;Region=…</c>; the region is optional, default us-east-1.
    /// </summary>
    /// <exception cref="OptionsValidationException">One line for each part that is missing or invalid.</exception>
    public static S3Connection Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            throw Invalid([$"{Setting} is not set. Set it to the image store in the form {Form}."]);

        var values = new DbConnectionStringBuilder();
        try
        {
            values.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The exception's message repeats the text, which contains the secret.
            throw Invalid([$"{Setting} could not be parsed. The form is {Form}."]);
        }

        var wrong = Wrong(values).ToList();
        return wrong.Count > 0
            ? throw Invalid(wrong)
            : new S3Connection(
                new Uri(Read(values, "Endpoint")),
                Read(values, "AccessKey"),
                Read(values, "SecretKey"),
                Read(values, "Bucket"),
                Read(values, "Region") is { Length: > 0 } region ? region : DefaultRegion);
    }

    /// <summary>The location constraint for creating the bucket; null for us-east-1, for which S3 refuses one, and for R2's region auto.</summary>
    public string? LocationConstraint => Region is DefaultRegion or "auto" ? null : Region;

    /// <summary>Omits the secret, so that it can be logged.</summary>
    public override string ToString() => $"bucket {Bucket} at {Endpoint}";

    private static IEnumerable<string> Wrong(DbConnectionStringBuilder values)
    {
        foreach (var part in Parts[..4].Where(part => Read(values, part).Length == 0))
            yield return $"{Setting} has no {part}. The form is {Form}.";
        foreach (var key in values.Keys.Cast<string>().Except(Parts, StringComparer.OrdinalIgnoreCase))
            yield return $"{Setting} has an unknown part '{key}'. The parts are {string.Join(", ", Parts)}.";

        var endpoint = Read(values, "Endpoint");
        if (endpoint.Length > 0 && !IsAddress(endpoint))
            yield return $"{Setting}: Endpoint is '{endpoint}', but it must be an address such as http://localhost:9000, without a path.";
        var bucket = Read(values, "Bucket");
        if (bucket.Length > 0 && !BucketName().IsMatch(bucket))
            yield return $"{Setting}: Bucket is '{bucket}', but it must be 3 to 63 lowercase letters, digits, dots and hyphens.";
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0;

    private static string Read(DbConnectionStringBuilder values, string part) =>
        values.TryGetValue(part, out var value) ? ((string)value).Trim() : "";

    private static OptionsValidationException Invalid(IEnumerable<string> lines) => new(Setting, typeof(S3Connection), lines);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex BucketName();
}
