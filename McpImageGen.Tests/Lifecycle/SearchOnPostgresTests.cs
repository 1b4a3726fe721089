using McpImageGen.Tests.Containers;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>On a database whose locale knows only ASCII.</summary>
[Slow]
public sealed class SearchOnPostgresTests(Servers servers) : SearchTests
{
    protected override Task<JobsOnDatabase> CreateAsync() =>
        JobsOnPostgres.CreateAsync(servers, "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
}
