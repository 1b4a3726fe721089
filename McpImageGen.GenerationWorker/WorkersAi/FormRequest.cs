using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using McpImageGen.Contracts;

namespace McpImageGen.GenerationWorker.WorkersAi;

/// <summary>
/// The request format of models that accept input images: multipart/form-data, even for a prompt alone. Formatted as browsers do,
/// for compatibility: names quoted, the boundary unquoted, text parts without a content type.
/// </summary>
internal static class FormRequest
{
    public static HttpContent Create(GenerateImage command, ModelFields fields, IReadOnlyList<byte[]> inputImages)
    {
        var boundary = $"form-{Guid.NewGuid():n}";
        var form = new MultipartFormDataContent(boundary);
        form.Headers.ContentType!.Parameters.Single().Value = boundary;
        form.Add(Text("prompt", command.Prompt));
        foreach (var (name, value) in fields.Of(command.Parameters))
            form.Add(Text(name, Convert.ToString(value, CultureInfo.InvariantCulture)!));
        for (var number = 0; number < inputImages.Count; number++)
            form.Add(Jpeg($"input_image_{number}", inputImages[number]));
        return form;
    }

    private static ByteArrayContent Text(string name, string text) =>
        new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentDisposition = Named(name) } };

    private static ByteArrayContent Jpeg(string name, byte[] file)
    {
        var part = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg"), ContentDisposition = Named(name) } };
        part.Headers.ContentDisposition.FileName = $"\"{name}.jpg\"";
        return part;
    }

    private static ContentDispositionHeaderValue Named(string name) => new("form-data") { Name = $"\"{name}\"" };
}
