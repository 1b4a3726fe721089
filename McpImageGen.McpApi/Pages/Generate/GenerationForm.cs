using System.Globalization;
using McpImageGen.Contracts;
using McpImageGen.Contracts.Models;
using McpImageGen.Jobs;
using McpImageGen.McpApi.Application;

namespace McpImageGen.McpApi.Pages.Generate;

/// <summary>The entered values of the form for new images. Its fields have the names of the arguments of <c>generate_image</c>.</summary>
public sealed class GenerationForm
{
    public const string Prompt = "prompt";
    public const string Model = "model";
    public const string Count = "count";

    /// <summary>Created with the form, so that a form that is submitted twice generates its images only once.</summary>
    public const string Key = "idempotency_key";

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
        foreach (var (name, value) in (job.Parameters with { Seed = null }).ByName())
            form._typed[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return form;
    }

    // Browsers send line breaks as two characters but count them as one.
    public static GenerationForm Of(IFormCollection fields) =>
        new(fields.ToDictionary(field => field.Key, field => field.Value.ToString().ReplaceLineEndings("\n")));

    public GenerationForm WithNewKey() => new(new(_typed) { [Key] = NewKey() });

    /// <summary>The request that the form describes.</summary>
    /// <exception cref="RequestFailedException">A field does not contain a number of its kind.</exception>
    internal GenerationRequest ToRequest() => new(
        this[Prompt],
        Text(Model) ?? ImageModel.FluxSchnell,
        Integer(Count, $"an integer from 1 to {GenerationRules.MaxImages}") ?? 1,
        GenerationParameters.FromNames(name => Integer(name), name => (double?)Number(name, "a number"), Text),
        Text(Key));

    private string? Text(string field) => string.IsNullOrWhiteSpace(this[field]) ? null : this[field];

    private int? Integer(string field, string allowed = "an integer") => Number(field, allowed) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and { } number when decimal.IsInteger(number) => (int)number,
        _ => throw Invalid(field, allowed),
    };

    private decimal? Number(string field, string allowed)
    {
        if (Text(field) is not { } text)
            return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(field, allowed);
    }

    private RequestFailedException Invalid(string field, string allowed) =>
        new(RequestError.Invalid(field, $"'{field}' must be {allowed}, but was \"{this[field]}\"."));

    private static string NewKey() => Guid.NewGuid().ToString();
}
