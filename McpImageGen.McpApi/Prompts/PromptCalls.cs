using System.Text.Json;
using System.Text.Json.Nodes;
using McpImageGen.Contracts.Models;
using McpImageGen.McpApi.Arguments;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Prompts;

/// <summary>Reads the arguments of a prompt in the same way as those of a tool. The SDK does not check them.</summary>
internal static class PromptCalls
{
    private static readonly JsonElement AnyText = JsonElement.Parse("""{ "type": "string" }""");
    private static readonly JsonElement Count = JsonElement.Parse("""{ "type": "integer", "minimum": 2, "maximum": 20 }""");
    private static readonly JsonElement Model = JsonSerializer.SerializeToElement(new { type = "string", @enum = ImageModel.All.Select(model => model.Name) });

    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> Around(
        McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) =>
        async (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is not McpServerPrompt { ProtocolPrompt: { Arguments: { } known } prompt })
                return await next(request, cancellationToken);

            List<ArgumentRule> rules = [.. known.Select(argument => ArgumentRule.Of(argument.Name, SchemaOf(argument.Name), argument.Required is true))];

            // Some clients send an empty string for an argument that the user omits, required or not.
            var sent = request.Params.Arguments?.Where(argument => argument.Value is not { ValueKind: JsonValueKind.String } text || !text.ValueEquals("")).ToDictionary();
            var read = ToolArguments.Read($"the prompt {prompt.Name}", rules, sent);
            if (read.Error is { } error)
                throw new McpProtocolException(error.Message, McpErrorCode.InvalidParams);

            // The arguments of prompts are strings.
            request.Params.Arguments = read.Values.ToDictionary(value => value.Key, value => JsonSerializer.SerializeToElement(value.Value.ToString()));
            var result = await next(request, cancellationToken);
            if (read.Ignored.Count > 0)
                (result.Meta ??= [])[IgnoredArguments.Field] = new JsonArray([.. read.Ignored.Select(name => JsonValue.Create(name))]);
            return result;
        };

    private static JsonElement SchemaOf(string argument) => argument switch { "count" => Count, "model" => Model, _ => AnyText };
}
