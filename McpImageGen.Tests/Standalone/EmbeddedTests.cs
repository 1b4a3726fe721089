using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using McpImageGen.Jobs.Database;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.Standalone;

/// <summary>What Standalone has in its own process in place of servers: the emulator and SQLite.</summary>
public sealed class EmbeddedTests(SharedStandalone shared) : IClassFixture<SharedStandalone>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Embedded_emulator_accepts_only_the_token_of_its_server()
    {
        var settings = shared.Server.Services.GetRequiredService<IConfiguration>();
        using var http = new HttpClient { BaseAddress = new Uri(settings["WorkersAi:BaseUrl"]!) };

        Assert.Equal(HttpStatusCode.Unauthorized, await PromptAsync("emulator"));
        Assert.Equal(HttpStatusCode.OK, await PromptAsync(settings["WorkersAi:ApiToken"]!));

        async Task<HttpStatusCode> PromptAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "accounts/emulator/ai/run/@cf/black-forest-labs/flux-1-schnell")
            {
                Content = JsonContent.Create(new { prompt = "a lighthouse" }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, Cancel);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("synchronous", 2)]
    [InlineData("fullfsync", 1)]
    [InlineData("checkpoint_fullfsync", 1)]
    public async Task SQLite_syncs_every_commit_to_disk(string pragma, int expected)
    {
        await using var database = await shared.Server.Services.GetRequiredService<IDbContextFactory<JobsDbContext>>().CreateDbContextAsync(Cancel);
        await database.Database.OpenConnectionAsync(Cancel);
        await using var command = database.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";

        Assert.Equal((long)expected, await command.ExecuteScalarAsync(Cancel));
    }
}
