namespace McpImageGen.Tests.Testing;

/// <summary>Waits for what nobody announces, and says what was missing when it does not come.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until the condition holds, for 60 s at most.</summary>
    /// <param name="look">Reads what the condition is about.</param>
    /// <param name="holds">The condition.</param>
    /// <param name="what">The condition in words.</param>
    /// <returns>What it saw then.</returns>
    public static async Task<T> HoldsAsync<T>(Func<Task<T>> look, Func<T, bool> holds, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var seen = await look();
            if (holds(seen))
                return seen;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"For {Limit.TotalSeconds} s it was not so that {what}, but: {seen}");
            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }
}
