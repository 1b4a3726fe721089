using System.Globalization;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>Validates the arguments of commands. An error is shown next to the field, and the command is not executed.</summary>
internal static class ArgumentRules
{
    /// <summary>Requires that the argument is empty or an integer in the range.</summary>
    public static void DemandWholeNumber(this InputsDialogValidationContext context, string name, int min, int max)
    {
        var text = context.Inputs[name].Value;
        var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
        if (!string.IsNullOrEmpty(text) && !isOne)
            context.AddValidationError(context.Inputs[name], $"Must be an integer between {min} and {max}.");
    }
}
