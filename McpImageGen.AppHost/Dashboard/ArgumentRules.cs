using System.Globalization;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>What a command's arguments have to be. A breach is shown beside the field; the command is not executed.</summary>
internal static class ArgumentRules
{
    /// <summary>The argument is left out, or a whole number of that range.</summary>
    public static void DemandWholeNumber(this InputsDialogValidationContext context, string name, int least, int most)
    {
        var text = context.Inputs[name].Value;
        var isOne = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most;
        if (!string.IsNullOrEmpty(text) && !isOne)
            context.AddValidationError(context.Inputs[name], $"It must be a whole number, {least} to {most}.");
    }
}
