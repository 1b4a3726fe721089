using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace McpImageGen.Standalone.Embedded;

/// <summary>
/// The folder that contains all data of the standalone server. Only one process can use it at a time; the operating system
/// releases the lock however the process ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";

    private readonly SafeFileHandle _folderLock;
    private readonly FileStream _lock;

    private DataFolder(string path, SafeFileHandle folderLock, FileStream @lock) => (Path, _folderLock, _lock) = (path, folderLock, @lock);

    public string Path { get; }

    public string DatabaseFile => In("jobs.db");

    public string ImagesFolder => In("images");

    /// <summary>The default folder, used without <c>--data</c>; null if the user has no folder for application data.</summary>
    public static string? DefaultPath =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } data ? System.IO.Path.Combine(data, "McpImageGen") : null;

    /// <summary>Opens the folder exclusively for this process; creates it if it does not exist.</summary>
    /// <remarks>Other users cannot read what the server creates in it; a folder that only this server uses is closed to them as well.</remarks>
    /// <exception cref="StartFailure">The folder is not writable, or another process is using it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            UnixFiles.CreateFolder(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartFailure($"The data folder {path} cannot be created: {exception.Message} Choose another folder with --data DIR.");
        }

        // The file alone does not do: it may be deleted while a server runs.
        var folderLock = UnixFiles.LockFolder(path) ?? throw new DataFolderInUse(path, Holder(path), inner: null);
        try
        {
            var isOurs = !Directory.EnumerateFileSystemEntries(path).Any() || File.Exists(System.IO.Path.Combine(path, LockName));
            var folder = new DataFolder(path, folderLock, Lock(path));
            File.Delete(AddressFile(path));
            if (isOurs)
                folder.MakePrivate();
            return folder;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Publishes the address of this server to other processes of this user that find the folder in use.</summary>
    public void Publish(LocalServer server)
    {
        var unfinished = In("address.part");
        using (var writer = NewFile(unfinished))
            writer.Write($"{server.Address}\n{server.Token}\n");
        File.Move(unfinished, AddressFile(Path), overwrite: true);
    }

    /// <summary>The file that contains the bearer token.</summary>
    public string TokenFile => In("token");

    /// <summary>The bearer token saved in the folder; generated at the first start, readable only by the file's owner.</summary>
    /// <param name="isNew">True if it was generated now.</param>
    public string KeptToken(out bool isNew)
    {
        isNew = false;
        if (File.Exists(TokenFile) && File.ReadAllText(TokenFile).Trim() is { Length: > 0 } kept)
            return kept;

        isNew = true;
        var token = NewToken();
        using var writer = NewFile(TokenFile);
        writer.WriteLine(token);
        return token;
    }

    /// <summary>Generates a random token of 192 bits.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public void Dispose()
    {
        File.Delete(AddressFile(Path));
        _lock.Dispose();
        _folderLock.Dispose();
    }

    /// <summary>Takes the folder, and what an earlier version left open in it, from other users.</summary>
    private void MakePrivate()
    {
        UnixFiles.MakePrivate(Path);
        foreach (var entry in (string[])[DatabaseFile, DatabaseFile + "-wal", DatabaseFile + "-shm", ImagesFolder])
        {
            if (System.IO.Path.Exists(entry))
                UnixFiles.MakePrivate(entry);
        }
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartFailure($"The data folder {path} is not writable: {exception.Message} Choose another folder with --data DIR.");
        }
        catch (IOException exception) when (exception.HResult == UnixFiles.ReadOnlyFileSystem)
        {
            throw new StartFailure(
                $"The data folder {path} is not writable: its file system is mounted read-only. Mount it writable, or choose another folder with --data DIR.");
        }
        catch (IOException exception) when (IsInUse(exception))
        {
            throw new DataFolderInUse(path, Holder(path), exception);
        }
        catch (IOException exception)
        {
            throw new StartFailure($"The data folder {path} is not writable: {exception.Message} Choose another folder with --data DIR.");
        }
    }

    /// <summary>EWOULDBLOCK on Linux and macOS, or a sharing violation on Windows.</summary>
    private static bool IsInUse(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static LocalServer? Holder(string path)
    {
        try
        {
            return File.ReadAllLines(AddressFile(path)) is [var address, var token] ? new LocalServer(address, token) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Creates a file that only its owner can read.</summary>
    private static StreamWriter NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFiles.PrivateFile;
        return new StreamWriter(path, options);
    }

    private static string AddressFile(string path) => System.IO.Path.Combine(path, "address");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>Another process is using the data folder.</summary>
internal sealed class DataFolderInUse(string path, LocalServer? holder, Exception? inner) : StartFailure(
    $"The data folder {path} is in use by {(holder is null ? "another server that is still starting" : "the server at " + holder.Address)}. "
    + "Use that server, stop it, or choose another folder with --data DIR.",
    inner)
{
    /// <summary>The server that is using the folder; null if it has not published its address yet.</summary>
    public LocalServer? Holder => holder;
}

/// <summary>How other processes of the same user can call a server.</summary>
/// <param name="Address">The address that the server listens on.</param>
/// <param name="Token">A bearer token of the owner <c>default</c>, valid while the server is running.</param>
internal sealed record LocalServer(string Address, string Token);
