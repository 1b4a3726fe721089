using McpImageGen.McpApi.Sse;

namespace McpImageGen.Tests.Ports;

public sealed class InProcessSseMessagesTests : SseMessagesContract
{
    protected override Task<(ISseMessages One, ISseMessages Another)> TwoEndsAsync()
    {
        var messages = new InProcessSseMessages();
        return Task.FromResult<(ISseMessages, ISseMessages)>((messages, messages));
    }
}
