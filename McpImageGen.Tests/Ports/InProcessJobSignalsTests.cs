using McpImageGen.Jobs.Signals;
using McpImageGen.Standalone.Embedded;

namespace McpImageGen.Tests.Ports;

public sealed class InProcessJobSignalsTests : JobSignalsContract
{
    protected override Task<(IJobSignals One, IJobSignals Another)> TwoEndsAsync()
    {
        var signals = new InProcessJobSignals();
        return Task.FromResult<(IJobSignals, IJobSignals)>((signals, signals));
    }
}
