using System.Diagnostics;

namespace McpImageGen.Tests.Telemetry;

/// <summary>The spans of one trace, which begins with a header of the client's. Other traces of this process are left alone.</summary>
public sealed class RecordedTrace : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly ActivityTraceId _id = ActivityTraceId.CreateRandom();
    private readonly ActivitySpanId _client = ActivitySpanId.CreateRandom();
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private TaskCompletionSource _more = NewSource();

    public RecordedTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == _id ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What the client sends, as the header <c>traceparent</c>.</summary>
    public string TraceParent => $"00-{_id}-{_client}-01";

    /// <summary>Those that have ended, in the order of their start.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (_ended)
                return [.. _ended.OrderBy(span => span.StartTimeUtc)];
        }
    }

    /// <summary>Waits until so many spans of that name have ended: some end only after the client has its answer.</summary>
    public Task EndedAsync(string name, int times = 1) => UntilAsync(() => _ended.Count(span => span.DisplayName == name) >= times);

    /// <summary>Waits until the span of the client's request has ended.</summary>
    public Task RequestEndedAsync() => UntilAsync(() => _ended.Any(span => span.ParentSpanId == _client));

    /// <summary>The names of a span and of those it is part of, outermost first; it must lead back to the client.</summary>
    public IReadOnlyList<string> WayTo(Activity span)
    {
        var way = new List<string> { span.DisplayName };
        var parent = span.ParentSpanId;
        while (parent != _client)
        {
            var outer = Assert.Single(Spans, candidate => candidate.SpanId == parent);
            way.Insert(0, outer.DisplayName);
            parent = outer.ParentSpanId;
        }

        return way;
    }

    public void Dispose() => _listener.Dispose();

    private async Task UntilAsync(Func<bool> isThere)
    {
        while (true)
        {
            Task more;
            lock (_ended)
            {
                if (isThere())
                    return;
                more = _more.Task;
            }

            await more.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        }
    }

    private void Add(Activity span)
    {
        if (span.TraceId != _id)
            return;
        lock (_ended)
        {
            _ended.Add(span);
            _more.SetResult();
            _more = NewSource();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
