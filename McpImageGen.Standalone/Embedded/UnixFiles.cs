using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace McpImageGen.Standalone.Embedded;

/// <summary>What .NET does not offer for files on Unix. On Windows nothing of it is needed, and nothing happens.</summary>
internal static class UnixFiles
{
    /// <summary>May be read, written and entered by its owner only.</summary>
    public const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>May be read and written by its owner only.</summary>
    public const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>EROFS of every Unix, as <see cref="Exception.HResult"/>: the file system is mounted read-only.</summary>
    public const int ReadOnlyFileSystem = 30;

    private const int ReadOnly = 0;
    private const int LockExclusively = 2;
    private const int DoNotWait = 4;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // EWOULDBLOCK
    private static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    // O_CLOEXEC
    private static int CloseInChildren => OperatingSystem.IsLinux() ? 0x80000 : 0x1000000;

    /// <summary>From now on this process creates files and folders that only their owner may use.</summary>
    public static void CreatePrivately()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetCreationMask((uint)Others);
    }

    /// <summary>Makes a folder, and its parents, for its owner only.</summary>
    public static DirectoryInfo CreateFolder(string path) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, PrivateFolder);

    /// <summary>Takes a file or folder of this user from all other users. One of another user stays as it is.</summary>
    public static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & Others) != 0)
                File.SetUnixFileMode(path, mode & ~Others);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // Another user's, or on a file system that has no modes.
        }
    }

    /// <summary>Writes a folder's entries to the disk: a file that was made or moved is there after a power failure.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = OpenFolder(path);
        if (!folder.IsInvalid)
            RandomAccess.FlushToDisk(folder);
    }

    /// <summary>
    /// Locks a folder for this process until the handle is closed or the process ends, whatever becomes of the files in it. Null when another process
    /// has it; an invalid handle where folders cannot be locked.
    /// </summary>
    public static SafeFileHandle? LockFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return new SafeFileHandle();
        var folder = OpenFolder(path);
        if (folder.IsInvalid || Lock(folder, LockExclusively | DoNotWait) == 0 || Marshal.GetLastPInvokeError() != WouldBlock)
            return folder;
        folder.Dispose();
        return null;
    }

    private static SafeFileHandle OpenFolder(string path) => new(Open(path, ReadOnly | CloseInChildren), ownsHandle: true);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static extern int Lock(SafeFileHandle file, int operation);

    [DllImport("libc", EntryPoint = "umask")]
    private static extern uint SetCreationMask(uint mask);
}
