using Xunit.v3;

namespace McpImageGen.Tests.Testing;

/// <summary>
/// A test, or all tests of a class, that <c>./test.sh fast</c> leaves out: it needs a container, a browser, an npm package, a reverse proxy or another
/// process, or it waits for seconds. <see cref="Architecture.SlowTestsTests"/> finds tests that need this attribute.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SlowAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Speed", "slow")];
}
