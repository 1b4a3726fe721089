using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>The request format of most models: one JSON object with the prompt and the parameters that are set.</summary>
internal static class JsonRequest
{
    public static HttpContent Create(GenerateImage command, ModelFields fields, IReadOnlyList<byte[]> inputImages)
    {
        var body = new ArrayBufferWriter<byte>(command.Prompt.Length + 256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("prompt", command.Prompt);
            foreach (var (name, value) in fields.Of(command.Parameters))
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }
        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
