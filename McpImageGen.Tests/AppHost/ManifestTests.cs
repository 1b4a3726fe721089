using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpImageGen.Tests.Settings;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>
/// What azd reads, compared with <c>manifest.json</c> beside this file, which was reviewed. <c>APPHOST_MANIFEST=renew</c> writes that file anew.
/// </summary>
[Slow]
public sealed partial class ManifestTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Reviewed = Path.Combine(AppHostSource.Root, "McpImageGen.Tests", "AppHost", "manifest.json");

    private static readonly string[] SecretNames = ["PASS", "TOKEN", "SECRET"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifest_equals_the_reviewed_manifest()
    {
        var written = Reviewable(await SystemModel.ManifestAsync());
        if (Environment.GetEnvironmentVariable("APPHOST_MANIFEST") == "renew")
            await File.WriteAllTextAsync(Reviewed, written, Cancel);

        var difference = Difference((await File.ReadAllTextAsync(Reviewed, Cancel)).Split('\n'), written.Split('\n'));

        Assert.True(difference.Count == 0, $"The manifest is not the reviewed one (-), but has (+):\n{string.Join('\n', difference)}");
    }

    [Fact]
    public async Task Manifest_contains_secrets_only_as_parameters()
    {
        using var manifest = JsonDocument.Parse(await SystemModel.ManifestAsync());
        var resources = manifest.RootElement.GetProperty("resources");

        Assert.False(resources.TryGetProperty("workers-ai-emulator", out _));
        foreach (var secret in new[] { "auth-token", "cloudflare-api-token", "minio-password" })
        {
            var input = resources.GetProperty(secret).GetProperty("inputs").GetProperty("value");
            Assert.True(input.GetProperty("secret").GetBoolean(), secret);
        }
    }

    [Fact]
    public async Task Every_password_is_generated_with_at_least_32_characters()
    {
        using var manifest = JsonDocument.Parse(await SystemModel.ManifestAsync());
        var resources = manifest.RootElement.GetProperty("resources").EnumerateObject().ToList();

        var secrets = resources.Where(resource => resource.Value.TryGetProperty("inputs", out var inputs)
            && inputs.GetProperty("value").TryGetProperty("secret", out var isSecret) && isSecret.GetBoolean()).ToList();
        Assert.All(secrets.Where(secret => secret.Name != "cloudflare-api-token"), secret => Assert.True(
            secret.Value.GetProperty("inputs").GetProperty("value").GetProperty("default").GetProperty("generate").GetProperty("minLength").GetInt32() >= 32,
            secret.Name));

        var values = resources.Where(resource => resource.Value.TryGetProperty("env", out _))
            .SelectMany(resource => resource.Value.GetProperty("env").EnumerateObject())
            .Where(variable => SecretNames.Any(name => variable.Name.Contains(name, StringComparison.OrdinalIgnoreCase)));
        Assert.All(values, variable => Assert.Matches(@"\A\{[a-z-]+\.value\}\z", variable.Value.GetString()));
        var connections = resources.Where(resource => resource.Value.TryGetProperty("connectionString", out _))
            .Select(resource => resource.Value.GetProperty("connectionString").GetString()!);
        Assert.All(
            connections.SelectMany(connection => SecretInConnection().Matches(connection)),
            secret => Assert.Matches(@"\A\{[a-z-]+\.value\}", secret.Groups["value"].Value));
    }

    /// <summary>
    /// What is the same on every machine and whether or not the AppHost was built with its targets. Azure's target adds resources of its own
    /// (<c>azure.…</c>), and to each service and container a deployment, for which their type is of the next version.
    /// </summary>
    private static string Reviewable(string manifest)
    {
        var resources = JsonNode.Parse(manifest)!["resources"]!.AsObject();
        foreach (var (name, resource) in resources.ToList())
        {
            var type = resource!["type"]!.GetValue<string>();
            if (type.StartsWith("azure.", StringComparison.Ordinal))
                resources.Remove(name);
            resource["type"] = type.Split(".v")[0];
            resource.AsObject().Remove("deployment");
            if (resource["path"] is { } path)
                resource["path"] = Path.GetFileName(path.GetValue<string>()); // it is given from the manifest's folder
        }

        var sorted = new JsonObject(resources.OrderBy(resource => resource.Key, StringComparer.Ordinal)
            .Select(resource => KeyValuePair.Create(resource.Key, resource.Value?.DeepClone())));
        return sorted.ToJsonString(Indented) + "\n";
    }

    /// <summary>The lines that one of them has and the other has not, by their longest common subsequence.</summary>
    private static List<string> Difference(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<string>();
        var (old, now) = (0, 0);
        while (old < before.Length || now < after.Length)
        {
            if (old < before.Length && now < after.Length && before[old] == after[now])
                (old, now) = (old + 1, now + 1);
            else if (now == after.Length || (old < before.Length && common[old + 1, now] >= common[old, now + 1]))
                lines.Add($"- line {old + 1}: {before[old++]}");
            else
                lines.Add($"+ line {now + 1}: {after[now++]}");
        }

        return lines;
    }

    /// <summary>The passwords in a connection string: <c>Password=…</c>, <c>SecretKey=…</c>, <c>amqp://user:…@</c>.</summary>
    [GeneratedRegex("(password=|secretkey=|://[^:/]+:)(?<value>[^;,@]*)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretInConnection();
}
