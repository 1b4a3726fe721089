using System.Net.Http.Json;
using System.Text.Json;
using McpImageGen.Jobs.Cleanup;
using McpImageGen.Jobs.Images;
using McpImageGen.Standalone;
using McpImageGen.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace McpImageGen.Tests.Standalone;

/// <summary>What an operator does with a database that is lost, broken or restored costs no image.</summary>
public sealed class LostDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Slow]
    public async Task Images_are_kept_when_a_damaged_database_is_moved_as_instructed()
    {
        var images = await GenerateAsync(3);
        SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "jobs.db"), new string('x', 5000), Cancel);
        await using (var broken = StandaloneProcess.Start(_folder.Path))
        {
            Assert.Equal(1, await broken.ExitCodeAsync());
            Assert.Contains("move jobs.db, jobs.db-wal and jobs.db-shm away", broken.Output, StringComparison.Ordinal);
            Assert.Contains("the images stay", broken.Output, StringComparison.Ordinal);
        }

        MoveDatabaseAway("broken");
        await using var server = await StartAsync();
        Age(images);
        var sweep = server.Services.GetRequiredService<ImageSweep>();
        Assert.Equal(0, await sweep.SweepAsync(Cancel));

        Assert.Equal(images, Images());
        var health = await HealthAsync(server);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal("degraded", health.GetProperty("checks").GetProperty("images").GetString());
    }

    [Fact]
    public async Task Images_of_the_correct_database_are_restored_from_the_trash()
    {
        var images = await GenerateAsync(3);
        await using var server = await StartAsync();
        var trash = server.Services.GetRequiredService<IImageTrash>();
        foreach (var image in images)
            await trash.DiscardAsync(ImageKey.Parse(Path.GetFileName(image))!, new DateOnly(2026, 7, 20), Cancel);

        // The server's own first check of the trash may come in between and restore some of them.
        await server.Services.GetRequiredService<ImageSweep>().SweepAsync(Cancel);

        Assert.Equal(images, Images());
    }

    [Fact]
    public async Task Images_generated_after_a_backup_are_kept_when_the_backup_is_restored()
    {
        await GenerateAsync(2);
        SqliteConnection.ClearAllPools();
        var copy = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "jobs.db"), Cancel);
        await GenerateAsync(2);
        MoveDatabaseAway("new");
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "jobs.db"), copy, Cancel);
        var images = Images();

        await using var server = await StartAsync();
        Age(images);
        Assert.Equal(0, await server.Services.GetRequiredService<ImageSweep>().SweepAsync(Cancel));

        Assert.Equal(4, images.Count);
        Assert.Equal(images, Images());
        Assert.Equal("degraded", (await HealthAsync(server)).GetProperty("status").GetString());
    }

    /// <summary>Runs a server until so many images are made, and stops it.</summary>
    private async Task<List<string>> GenerateAsync(int count)
    {
        await using var server = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        await Until.HoldsAsync(
            () => Task.FromResult(Directory.Exists(Path.Combine(_folder.Path, "images", "databases"))), there => there, "the store is marked");
        var answer = await new FetchClient(http, server.Token).CallAsync("generate_image_and_wait", new { prompt = "a lighthouse", count });
        Assert.True(answer.Success, answer.Raw);
        return Images();
    }

    private Task<StandaloneServer> StartAsync() =>
        StandaloneServer.StartAsync(RunningStandalone.ArgumentsFor(_folder.Path), builder => builder.Logging.ClearProviders());

    private List<string> Images() => [.. Directory.EnumerateFiles(Path.Combine(_folder.Path, "images"), "*.*", SearchOption.AllDirectories)
        .Where(file => ImageKey.Parse(Path.GetFileName(file)) is not null && !file.Contains("/trash/", StringComparison.Ordinal)).Order()];

    private static void Age(List<string> images) => images.ForEach(image => File.SetLastWriteTimeUtc(image, DateTime.UtcNow.AddDays(-2)));

    private void MoveDatabaseAway(string to)
    {
        SqliteConnection.ClearAllPools();
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, to)).FullName;
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "jobs.db*"))
            File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
    }

    private static async Task<JsonElement> HealthAsync(StandaloneServer server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Address) };
        return await http.GetFromJsonAsync<JsonElement>("/health", Cancel);
    }
}
