using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

/// <summary>The host names that the server accepts. The setting <c>AllowedHosts</c> of ASP.NET Core, extended with ports.</summary>
internal sealed class HostNames
{
    public const string Setting = "AllowedHosts";

    /// <summary>Separated by <c>;</c>: names such as <c>img.example.com</c>, <c>*.example.com</c> or <c>img.example.com:8443</c>, or <c>*</c>. Default: any.</summary>
    public string Allowed { get; set; } = "";

    /// <summary>Whether only the listed names are allowed.</summary>
    public bool AreListed => Names.Any() && !Names.Contains("*");

    /// <summary>Entries that are not valid host names and can never match.</summary>
    public IEnumerable<string> Unusable => Names.Where(name => name != "*" && !IsUsable(name));

    private IEnumerable<string> Names => Allowed.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Whether a request was sent to one of the allowed names.</summary>
    public bool Contain(HttpRequest request) => Names.Any(name =>
    {
        var allowed = new HostString(name);
        return request.Host.HasValue
            && HostString.MatchesAny(request.Host.Host, [HostOf(allowed)])
            && (allowed.Port is not { } port || port == (request.Host.Port ?? (request.IsHttps ? 443 : 80)));
    });

    private static string HostOf(HostString name) => new HostString(name.Host).ToUriComponent();

    private static bool IsUsable(string name) =>
        Uri.TryCreate("http://" + (name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name), UriKind.Absolute, out var address)
        && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" } && !name.EndsWith('/');
}

internal sealed class HostNamesValidation : IValidateOptions<HostNames>
{
    public ValidateOptionsResult Validate(string? name, HostNames options) => options.Unusable.FirstOrDefault() is { } unusable
        ? ValidateOptionsResult.Fail(
            $"{HostNames.Setting} must be host names such as img.example.com, *.example.com or img.example.com:8443, separated by semicolons; '{unusable}' is not valid.")
        : ValidateOptionsResult.Success;
}
