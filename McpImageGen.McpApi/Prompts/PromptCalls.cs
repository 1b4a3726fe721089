using McpImageGen.Contracts;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Prompts;

/// <summary>Checks the arguments of a prompt, which the SDK does not.</summary>
internal static class PromptCalls
{
    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> Around(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => (request, cancellationToken) =>
        Refusal(request) is { } refusal ? throw new McpProtocolException(refusal, McpErrorCode.InvalidParams) : next(request, cancellationToken);

    private static string? Refusal(RequestContext<GetPromptRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerPrompt { ProtocolPrompt: { Arguments: { } known } prompt })
            return null;

        // Some clients send empty texts for what a user leaves out.
        var given = (request.Params.Arguments ?? new Dictionary<string, System.Text.Json.JsonElement>())
            .Where(argument => argument.Value.ToString() is { Length: > 0 })
            .ToDictionary();
        request.Params.Arguments = given;
        if (known.FirstOrDefault(argument => argument.Required is true && !given.ContainsKey(argument.Name)) is { } missing)
            return $"Missing argument '{missing.Name}' of the prompt {prompt.Name}: {missing.Description}";
        if (given.Keys.FirstOrDefault(name => known.All(argument => argument.Name != name)) is { } unknown)
            return $"Unknown argument '{unknown}': the prompt {prompt.Name} takes {string.Join(", ", known.Select(argument => argument.Name))}.";
        if (given.TryGetValue("model", out var model) && ImageModel.Find(model.ToString()) is null)
            return $"Unknown model '{model}'. There are {string.Join(", ", ImageModel.All.Select(each => each.Name))}.";
        if (given.TryGetValue("count", out var count) && (!int.TryParse(count.ToString(), out var number) || number is < 2 or > 20))
            return $"'count' must be a number from 2 to 20, not '{count}'.";
        return null;
    }
}
