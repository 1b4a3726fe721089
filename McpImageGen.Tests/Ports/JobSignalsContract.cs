using System.Threading.Channels;
using McpImageGen.Contracts;
using McpImageGen.Jobs.Signals;

namespace McpImageGen.Tests.Ports;

/// <summary>What whoever uses the signals relies on, whichever they are.</summary>
public abstract class JobSignalsContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Two ends of the same signals, as two processes have them where the signals cross processes.</summary>
    protected abstract Task<(IJobSignals One, IJobSignals Another)> TwoEndsAsync();

    [Fact]
    public async Task Signal_reaches_a_listener_in_another_process()
    {
        var (one, another) = await TwoEndsAsync();
        await using var listener = await Listener.BeginActiveAsync(another);
        var signal = NewSignal();

        await one.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await listener.HeardAsync());
    }

    [Fact]
    public async Task Signal_reaches_a_listener_in_its_own_process()
    {
        var (one, _) = await TwoEndsAsync();
        await using var listener = await Listener.BeginActiveAsync(one);
        var signal = NewSignal();

        await one.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await listener.HeardAsync());
    }

    [Fact]
    public async Task Every_listener_receives_every_signal()
    {
        var (one, another) = await TwoEndsAsync();
        await using var first = await Listener.BeginActiveAsync(one);
        await using var second = await Listener.BeginActiveAsync(one);
        await using var third = await Listener.BeginActiveAsync(another);
        var signals = Enumerable.Range(0, 100).Select(_ => NewSignal()).ToHashSet();

        await Task.WhenAll(signals.Select(signal => another.PublishAsync(signal, Cancel)));

        foreach (var listener in (Listener[])[first, second, third])
        {
            var heard = new HashSet<JobFinished>();
            while (heard.Count < signals.Count)
                heard.Add(await listener.HeardAsync());
            Assert.Equal(signals, heard);
        }
    }

    [Fact]
    public async Task Disposed_listener_receives_no_signals_and_other_listeners_do()
    {
        var (one, another) = await TwoEndsAsync();
        var leaves = await Listener.BeginActiveAsync(another);
        await using var stays = await Listener.BeginActiveAsync(another);

        await leaves.DisposeAsync();
        var signal = NewSignal();
        await one.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await stays.HeardAsync());
        Assert.Equal(0, leaves.Unheard);
    }

    [Fact]
    public async Task Listener_can_subscribe_again_after_unsubscribing()
    {
        var (one, another) = await TwoEndsAsync();
        await (await Listener.BeginActiveAsync(another)).DisposeAsync();
        await using var listener = await Listener.BeginActiveAsync(another);
        var signal = NewSignal();

        await one.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await listener.HeardAsync());
    }

    [Fact]
    public async Task Publishing_a_signal_without_listeners_succeeds()
    {
        var (one, _) = await TwoEndsAsync();

        Assert.Null(await Record.ExceptionAsync(() => one.PublishAsync(NewSignal(), Cancel)));
    }

    [Fact]
    public async Task Cancelled_jobs_use_separate_signals()
    {
        var (one, another) = await TwoEndsAsync();
        var cancelled = Channel.CreateUnbounded<JobCancelled>();
        await using var listener = await Listener.BeginActiveAsync(another);
        await using var subscription = await another.SubscribeAsync(heard => cancelled.Writer.TryWrite(heard), Cancel);
        var signal = new JobCancelled(Guid.CreateVersion7());

        await one.PublishAsync(NewSignal(), Cancel);
        await one.PublishAsync(signal, Cancel);

        Assert.Equal(signal, await cancelled.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Listener.Limit, Cancel));
        await listener.HeardAsync();
        Assert.Equal((0, 0), (listener.Unheard, cancelled.Reader.Count));
    }

    [Fact]
    public async Task Disposed_listener_for_cancelled_jobs_receives_no_signals()
    {
        var (one, another) = await TwoEndsAsync();
        var heard = Channel.CreateUnbounded<bool>();
        var left = 0;
        await (await another.SubscribeAsync(_ => left++, Cancel)).DisposeAsync();
        await using var stays = await another.SubscribeAsync(_ => heard.Writer.TryWrite(true), Cancel);

        await one.PublishAsync(new JobCancelled(Guid.CreateVersion7()), Cancel);

        await heard.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Listener.Limit, Cancel);
        Assert.Equal(0, left);
    }

    protected static JobFinished NewSignal() => new(Guid.CreateVersion7());
}
