using System.Globalization;
using Microsoft.Extensions.Options;

namespace McpImageGen.WorkersAiEmulator.Faults;

/// <summary>Decides which requests fail: first by the prompt's directive, then the next requests, then a share of all.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _timesByPrompt = [];
    private Fault? _next;
    private int _nextCount;
    private Fault? _some;
    private double _rate;
    private TimeSpan? _retryAfter;

    public FaultSwitch(IOptions<EmulatorOptions> options)
    {
        var settings = options.Value.Faults;
        var next = settings.Next is { } text ? FaultCount.Parse(text) : null;
        (_next, _nextCount) = (next?.Fault, next is null ? 0 : next.Count ?? 1);
        (_some, _rate, _retryAfter) = (settings.Kind is { } kind ? FaultTable.Find(kind) : null, settings.Rate, settings.RetryAfter);
    }

    /// <summary>The fault for this request; null if it succeeds.</summary>
    public FaultCase? For(string prompt, PromptDirectives wishes)
    {
        lock (_lock)
        {
            return Choose(prompt, wishes.Fault) is { } fault ? new FaultCase(fault, wishes.RetryAfter ?? _retryAfter) : null;
        }
    }

    /// <summary>Makes the next <paramref name="count"/> requests fail; replaces the previous setting.</summary>
    public void SetNext(Fault fault, int count, TimeSpan? retryAfter) => Set(fault, count, null, 0, retryAfter);

    /// <summary>Makes a share of the requests fail; replaces the previous setting.</summary>
    public void SetRate(Fault fault, double rate, TimeSpan? retryAfter) => Set(null, 0, fault, rate, retryAfter);

    /// <summary>Clears all faults except those requested by prompts, and resets their counts.</summary>
    public void Clear()
    {
        Set(null, 0, null, 0, null);
        lock (_lock)
        {
            _timesByPrompt.Clear();
        }
    }

    public object Describe()
    {
        lock (_lock)
        {
            return new
            {
                next = _nextCount > 0 ? new { kind = _next!.Name, count = _nextCount } : null,
                some = _rate > 0 ? new { kind = _some!.Name, rate = _rate } : null,
                retryAfterSeconds = _retryAfter?.TotalSeconds,
                kinds = FaultTable.All.Select(fault => fault.Name),
            };
        }
    }

    private Fault? Choose(string prompt, FaultCount? wished)
    {
        if (wished is { Count: null })
            return wished.Fault;
        if (wished is { Count: { } count })
        {
            var times = _timesByPrompt.GetValueOrDefault(prompt);
            if (times < count)
            {
                _timesByPrompt[prompt] = times + 1;
                return wished.Fault;
            }
        }

        if (_nextCount > 0)
        {
            _nextCount--;
            return _next;
        }

        return Random.Shared.NextDouble() < _rate ? _some : null;
    }

    private void Set(Fault? next, int count, Fault? some, double rate, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            (_next, _nextCount, _some, _rate, _retryAfter) = (next, count, some, rate, retryAfter);
        }
    }
}

/// <summary>A fault and how often it occurs: <c>NAME*COUNT</c>, or <c>NAME</c> alone.</summary>
internal sealed record FaultCount(Fault Fault, int? Count)
{
    /// <summary>Null if the name is unknown or the count is less than 1.</summary>
    public static FaultCount? Parse(string text)
    {
        var parts = text.Trim().Split('*');
        if (FaultTable.Find(parts[0].Trim()) is not { } fault || parts.Length > 2)
            return null;
        if (parts.Length == 1)
            return new FaultCount(fault, null);
        return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? new FaultCount(fault, count) : null;
    }
}
