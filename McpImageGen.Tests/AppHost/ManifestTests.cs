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
}
