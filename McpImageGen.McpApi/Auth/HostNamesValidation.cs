using Microsoft.Extensions.Options;

namespace McpImageGen.McpApi.Auth;

internal sealed class HostNamesValidation : IValidateOptions<HostNames>
{
    public ValidateOptionsResult Validate(string? name, HostNames options) => options.Unusable.FirstOrDefault() is { } unusable
        ? ValidateOptionsResult.Fail(
            $"{HostNames.Setting} must be host names such as img.example.com, *.example.com or img.example.com:8443, separated by semicolons; '{unusable}' is not valid.")
        : ValidateOptionsResult.Success;
}
