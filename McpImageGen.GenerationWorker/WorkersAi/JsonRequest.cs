using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>The form of request that most models take: one JSON object with the prompt and the parameters that are set.</summary>
internal static class JsonRequest
{
    public static HttpContent Create(GenerateImage command, ModelFields fields)
    {
        var body = new ArrayBufferWriter<byte>(command.Prompt.Length + 256);
        using (var json = new Utf8JsonWriter(body))
        {
            var parameters = command.Parameters;
            json.WriteStartObject();
            json.WriteString("prompt", command.Prompt);
            if (parameters.NegativePrompt is { } negativePrompt)
                json.WriteString(fields.NegativePrompt!, negativePrompt);
            if (parameters.Width is { } width)
                json.WriteNumber(fields.Width!, width);
            if (parameters.Height is { } height)
                json.WriteNumber(fields.Height!, height);
            if (parameters.Steps is { } steps)
                json.WriteNumber(fields.Steps!, steps);
            if (parameters.Guidance is { } guidance)
                json.WriteNumber(fields.Guidance!, guidance);
            if (parameters.Seed is { } seed)
                json.WriteNumber(fields.Seed!, seed);
            json.WriteEndObject();
        }
        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
