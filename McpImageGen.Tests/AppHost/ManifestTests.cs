using System.Text.Json;

namespace McpImageGen.Tests.AppHost;

/// <summary>What azd reads.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task The_manifest_holds_secrets_as_parameters_only()
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
    public async Task The_API_believes_the_proxy_before_it()
    {
        using var manifest = JsonDocument.Parse(await SystemModel.ManifestAsync());
        await using var run = await SystemModel.RunAsync();

        var environment = manifest.RootElement.GetProperty("resources").GetProperty("mcp-api").GetProperty("env");
        Assert.Equal("private", environment.GetProperty("Proxy__Trusted").GetString());
        Assert.DoesNotContain("Proxy__Trusted", (await run.EnvironmentOfAsync("mcp-api")).Keys);
    }
}
