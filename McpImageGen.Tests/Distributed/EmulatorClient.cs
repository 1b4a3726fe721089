using System.Net.Http.Json;
using McpImageGen.Tests.Testing;
using McpImageGen.WorkersAiEmulator.Statistics;

namespace McpImageGen.Tests.Distributed;

/// <summary>Looks at an emulator that is a process of its own, and switches its faults.</summary>
public sealed class EmulatorClient(HttpClient http)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every request fails in this way until <see cref="WorkAgainAsync"/>.</summary>
    public async Task FailAsync(string kind)
    {
        using var request = Request(HttpMethod.Put, "/emulator/faults");
        request.Content = JsonContent.Create(new { kind, rate = 1 });
        using var response = await http.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();
    }

    public async Task WorkAgainAsync()
    {
        using var request = Request(HttpMethod.Delete, "/emulator/faults");
        using var response = await http.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>When each request came, in Unix milliseconds.</summary>
    public Task<long[]> ArrivalsAsync() => ReadAsync<long[]>("/emulator/statistics/arrivals");

    internal Task<StatisticsReport> StatisticsAsync() => ReadAsync<StatisticsReport>("/emulator/statistics");

    internal Task UntilAsync(Func<StatisticsReport, bool> holds, string what) => Until.HoldsAsync(StatisticsAsync, holds, what);

    private async Task<T> ReadAsync<T>(string path)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await http.SendAsync(request, Cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<T>(Cancel))!;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Headers = { Authorization = new("Bearer", "emulator") } };
}
