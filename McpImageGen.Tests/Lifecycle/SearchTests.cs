using McpImageGen.Jobs.Queries;
using McpImageGen.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace McpImageGen.Tests.Lifecycle;

/// <summary>Prompts are found in any script, however their letters are written.</summary>
public abstract class SearchTests : IAsyncLifetime
{
    private JobsOnDatabase _jobs = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _jobs = await CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await _jobs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<JobsOnDatabase> CreateAsync();

    [Theory]
    [InlineData("École de Paris", "École")]
    [InlineData("École de Paris", "école")]
    [InlineData("ÉCOLE DE PARIS", "école")]
    [InlineData("E\u0301cole de Paris", "\u00C9cole")]
    [InlineData("\u00C9cole de Paris", "e\u0301COLE")]
    [InlineData("İstanbul by night", "istanbul")]
    [InlineData("istanbul by night", "İSTANBUL")]
    [InlineData("I\u0307stanbul by night", "istanbul")]
    [InlineData("ΟΔΟΣ ΣΤΗΝ ΑΘΗΝΑ", "οδος")]
    [InlineData("οδος στην Αθήνα", "ΟΔΟΣ")]
    [InlineData("Улица ночью", "УЛИЦА")]
    [InlineData("猫の写真", "猫")]
    [InlineData("か\u3099っこう", "がっこう")]
    [InlineData("Vie\u0323\u0302t Nam", "việt")]
    [InlineData("\u1100\u1169\u110B\u1163\u11BC\u110B\u1175", "고양이")]
    public async Task Search_finds_a_prompt_regardless_of_case_and_Unicode_normalization(string prompt, string search)
    {
        var id = Assert.Single(await _jobs.SubmitAsync());
        await using var context = await _jobs.ContextAsync();
        await context.Jobs.ExecuteUpdateAsync(row => row.SetProperty(job => job.Prompt, prompt), Cancel);

        var found = await _jobs.Queries.BrowseAsync(JobsOnDatabase.Owner, new JobFilter(Search: search), before: null, limit: 10, Cancel);

        Assert.Equal(id, Assert.Single(found.Jobs).Id);
    }
}
