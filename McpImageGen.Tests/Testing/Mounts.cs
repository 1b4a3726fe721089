using System.Diagnostics;

namespace McpImageGen.Tests.Testing;

/// <summary>File systems that a test mounts for one process, in namespaces of its own.</summary>
internal static class Mounts
{
    /// <summary>Skips the test where that is not permitted.</summary>
    public static async Task RequireAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has mount namespaces.");
        await using var attempt = new ChildProcess(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]));
        Assert.SkipUnless(await attempt.ExitCodeAsync() == 0, "This machine permits no mount namespaces.");
    }
}
