using McpImageGen.WorkersAiEmulator.Answers;
using Microsoft.Extensions.Options;

namespace McpImageGen.WorkersAiEmulator;

/// <summary>Authenticates requests with the emulator's bearer token.</summary>
internal sealed class BearerToken(IOptions<EmulatorOptions> options)
{
    private readonly string _expected = $"Bearer {options.Value.ApiToken}";

    /// <exception cref="AiErrorException">The token is missing or wrong.</exception>
    public void Demand(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString() != _expected)
            throw new AiErrorException(AiError.Authentication);
    }

    /// <summary>Protects one of the emulator's own endpoints.</summary>
    public RequestDelegate Guard(RequestDelegate endpoint) => async context =>
    {
        try
        {
            Demand(context.Request);
        }
        catch (AiErrorException refused)
        {
            await Answer.Error(refused.Error, Guid.NewGuid()).SendAsync(context.Response);
            return;
        }

        await endpoint(context);
    };
}
