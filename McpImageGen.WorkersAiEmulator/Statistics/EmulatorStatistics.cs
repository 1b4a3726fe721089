using McpImageGen.WorkersAiEmulator.Models;

namespace McpImageGen.WorkersAiEmulator.Statistics;

/// <summary>Counts requests and results, so that a system test can check, for example, that no image was generated twice.</summary>
internal sealed class EmulatorStatistics(TimeProvider time)
{
    // Limits the memory of a server that runs for months; tests stay far below.
    private const int MaxPrompts = 20_000;
    private const int MaxArrivals = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _failures = [];
    private readonly Dictionary<string, int> _models = [];
    private readonly Dictionary<string, int> _prompts = [];
    private readonly Queue<long> _arrivals = [];
    private int _requests;
    private int _generations;
    private int _abandoned;
    private int _inProgress;
    private int _concurrentPeak;

    /// <summary>Records the start of a request; disposing the result records its end.</summary>
    public IDisposable Enter()
    {
        lock (_lock)
        {
            _requests++;
            _arrivals.Enqueue(time.GetUtcNow().ToUnixTimeMilliseconds());
            if (_arrivals.Count > MaxArrivals)
                _arrivals.Dequeue();
            _concurrentPeak = Math.Max(_concurrentPeak, ++_inProgress);
        }

        return new Visit(this);
    }

    public void Generated(GenerationInput input)
    {
        lock (_lock)
        {
            _generations++;
            _models[input.Model.Id] = _models.GetValueOrDefault(input.Model.Id) + 1;
            if (_prompts.Count < MaxPrompts || _prompts.ContainsKey(input.Prompt))
                _prompts[input.Prompt] = _prompts.GetValueOrDefault(input.Prompt) + 1;
        }
    }

    /// <param name="reason">A fault's name, or status/code of an error that the request itself caused.</param>
    public void Failed(string reason)
    {
        lock (_lock)
        {
            _failures[reason] = _failures.GetValueOrDefault(reason) + 1;
        }
    }

    /// <summary>The client disconnected before it received the image.</summary>
    public void Abandoned()
    {
        lock (_lock)
        {
            _abandoned++;
        }
    }

    /// <summary>Resets all counts to zero, except requests in progress.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            (_requests, _generations, _abandoned, _concurrentPeak) = (0, 0, 0, _inProgress);
            _failures.Clear();
            _models.Clear();
            _prompts.Clear();
            _arrivals.Clear();
        }
    }

    /// <summary>The arrival times of the last 20,000 requests, in Unix milliseconds, oldest first.</summary>
    public long[] Arrivals()
    {
        lock (_lock)
        {
            return [.. _arrivals];
        }
    }

    public StatisticsReport Report()
    {
        lock (_lock)
        {
            return new StatisticsReport(
                _requests, _generations, _abandoned, _inProgress, _concurrentPeak, new(_failures), new(_models), new(_prompts));
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _inProgress--;
        }
    }

    private sealed class Visit(EmulatorStatistics statistics) : IDisposable
    {
        public void Dispose() => statistics.Leave();
    }
}

/// <summary>The response of <c>GET /emulator/statistics</c>.</summary>
/// <param name="Requests">All <c>ai/run</c> requests, including rejected ones.</param>
/// <param name="Generations">Requests that returned an image.</param>
/// <param name="Abandoned">Requests whose client disconnected before the response.</param>
/// <param name="InProgress">Requests without a response yet.</param>
/// <param name="ConcurrentPeak">The maximum number of concurrent requests.</param>
/// <param name="Failures">The number of failures by fault name, or by status/code if the request itself was invalid.</param>
/// <param name="GenerationsByModel">The number of images by Cloudflare's model name.</param>
/// <param name="GenerationsByPrompt">
/// The number of images by exact prompt; more than a test expects means that an image was charged twice.
/// </param>
internal sealed record StatisticsReport(
    int Requests, int Generations, int Abandoned, int InProgress, int ConcurrentPeak,
    Dictionary<string, int> Failures, Dictionary<string, int> GenerationsByModel, Dictionary<string, int> GenerationsByPrompt);
