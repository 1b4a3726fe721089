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

    /// <summary>A setting that an install.sh prints; skips the test where it is not set, or says that what it needs is "off".</summary>
    /// <param name="name">The environment variable.</param>
    /// <param name="tests">The tests that need it, as the subject of a sentence.</param>
    /// <param name="script">The script that prints it.</param>
    public static string Setting(string name, string tests, string script)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Check(string.IsNullOrEmpty(value) ? $"{name} is not set; {script} prints it."
            : value.StartsWith("off", StringComparison.Ordinal) ? $"{tests} are {value}"
            : null);
        return value!;
    }
}
