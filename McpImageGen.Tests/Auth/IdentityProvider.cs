using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace McpImageGen.Tests.Auth;

/// <summary>An OpenID Connect provider over real HTTP, as far as an API needs one: its configuration, its keys, and tokens.</summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "images";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;
    private readonly string _issuerEnd;

    private IdentityProvider(string issuerEnd, string address)
    {
        _issuerEnd = issuerEnd;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        _app = builder.Build();
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_key.ExportParameters(false)) { KeyId = "1" });
        _app.MapGet("/.well-known/openid-configuration", () => new { issuer = Issuer, jwks_uri = Address + "/keys" });
        _app.MapGet("/keys", () => new { keys = new[] { new { kty = key.Kty, kid = key.Kid, use = "sig", alg = "RS256", n = key.N, e = key.E } } });
    }

    public string Address => _app.Urls.First();

    /// <summary>What it calls itself, in its configuration and in its tokens.</summary>
    public string Issuer => Address + _issuerEnd;

    /// <param name="issuerEnd">What its name for itself has after its address.</param>
    /// <param name="address">Where it listens.</param>
    public static async Task<IdentityProvider> StartAsync(string issuerEnd = "", string address = "http://127.0.0.1:0")
    {
        var provider = new IdentityProvider(issuerEnd, address);
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public string TokenFor(string subject, string? scope = null, string audience = Audience, TimeSpan? lifetime = null, string? issuer = null,
        (string Name, object Value)[]? more = null, (string Name, object Value)[]? header = null, string? type = null)
    {
        var expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromMinutes(5));
        var claims = new Dictionary<string, object> { ["sub"] = subject };
        if (scope is not null)
            claims["scope"] = scope;
        foreach (var (name, value) in more ?? [])
            claims[name] = value;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Issuer,
            Audience = audience,
            Claims = claims,
            AdditionalHeaderClaims = (header ?? []).ToDictionary(one => one.Name, one => one.Value),
            TokenType = type,
            NotBefore = expires.AddHours(-1),
            IssuedAt = expires.AddHours(-1),
            Expires = expires,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
