namespace McpImageGen.Tests.Testing;

/// <summary>What a test needs of the machine it runs on.</summary>
public static class Requirement
{
    /// <summary>Skips the test where something is missing; in CI, where a skipped test would go unnoticed, fails it.</summary>
    /// <param name="whyNot">What is missing; null when nothing is.</param>
    public static void Check(string? whyNot)
    {
        if (whyNot is null)
            return;
        if (Environment.GetEnvironmentVariable("CI") is not (null or "" or "false"))
            Assert.Fail(whyNot);
        Assert.Skip(whyNot);
    }
}
