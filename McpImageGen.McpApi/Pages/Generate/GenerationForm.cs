using System.Globalization;
using System.Text.Json;
using McpImageGen.Contracts;
using McpImageGen.Jobs;

namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>The entered values of the form for new images. Its fields have the names of the arguments of <c>generate_image</c>.</summary>
public sealed class GenerationForm
{
    public const string Prompt = "prompt";
    public const string Model = "model";
    public const string Count = "count";

    /// <summary>Created with the form, so that a form that is submitted twice generates its images only once.</summary>
    public const string Key = "idempotency_key";

    private static readonly string[] Texts = [Prompt, Model, ModelParameter.NegativePrompt, Key];
    private static readonly string[] Numbers =
        [Count, ModelParameter.Width, ModelParameter.Height, ModelParameter.Steps, ModelParameter.Guidance, ModelParameter.Seed];

    private readonly Dictionary<string, string> _typed;

    private GenerationForm(Dictionary<string, string> typed) => _typed = typed;

    /// <summary>The value of a field; an empty string if it was left empty.</summary>
    public string this[string field] => _typed.GetValueOrDefault(field, "");

    public static GenerationForm New() => new(new() { [Model] = ImageModel.FluxSchnell, [Count] = "1", [Key] = NewKey() });

    /// <summary>A form with the values of a job, without its seed.</summary>
    public static GenerationForm Like(GenerationJob job)
    {
        var form = New();
        form._typed[Prompt] = job.Prompt;
        form._typed[Model] = job.Model;
        foreach (var (name, value) in (job.ToParameters() with { Seed = null }).ByName())
            form._typed[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return form;
    }

    // Browsers send line breaks as two characters but count them as one.
    public static GenerationForm Of(IFormCollection fields) =>
        new(Texts.Concat(Numbers).ToDictionary(name => name, name => fields[name].ToString().ReplaceLineEndings("\n")));

    public GenerationForm WithNewKey() => new(new(_typed) { [Key] = NewKey() });

    /// <summary>The arguments of the equivalent tool call. Invalid numbers are passed unchanged and are rejected there.</summary>
    public Dictionary<string, JsonElement> ToArguments() => Texts.Concat(Numbers)
        .Where(name => name == Prompt || !string.IsNullOrWhiteSpace(this[name]))
        .ToDictionary(name => name, name =>
            Numbers.Contains(name) && decimal.TryParse(this[name], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? JsonSerializer.SerializeToElement(number)
                : JsonSerializer.SerializeToElement(this[name]));

    private static string NewKey() => Guid.NewGuid().ToString();
}
