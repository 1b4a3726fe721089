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

    internal async Task<StatisticsReport> StatisticsAsync()
    {
        using var request = Request(HttpMethod.Get, "/emulator/statistics");
        using var response = await http.SendAsync(request, Cancel);
        return (await response.Content.ReadFromJsonAsync<StatisticsReport>(Cancel))!;
    }

    internal Task UntilAsync(Func<StatisticsReport, bool> holds, string what) => Until.HoldsAsync(StatisticsAsync, holds, what);

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Headers = { Authorization = new("Bearer", "emulator") } };
}
