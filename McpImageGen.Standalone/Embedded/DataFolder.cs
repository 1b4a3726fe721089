using System.Security.Cryptography;

namespace McpImageGen.Standalone.Embedded;

/// <summary>
/// The folder that holds everything the standalone server keeps. Only one process has it at a time: the operating system
/// frees the lock whatever way the process ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string DatabaseFile => In("jobs.db");

    public string ImagesFolder => In("images");

    /// <summary>Where the folder lies unless <c>--data</c> says otherwise; null where the user has no folder for data.</summary>
    public static string? DefaultPath =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } data ? System.IO.Path.Combine(data, "McpImageGen") : null;

    /// <summary>Opens the folder for this process alone, and makes it when it is missing.</summary>
    /// <exception cref="StartFailure">It can't be written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartFailure($"The data folder {path} can't be made: {exception.Message} Choose another one with --data DIR.");
        }

        var folder = new DataFolder(path, Lock(path));
        File.Delete(AddressFile(path));
        return folder;
    }

    /// <summary>Tells other processes of this user, which find the folder taken, where this server is.</summary>
    public void Publish(LocalServer server)
    {
        var unfinished = In("address.part");
        using (var writer = NewFile(unfinished))
            writer.Write($"{server.Address}\n{server.Token}\n");
        File.Move(unfinished, AddressFile(Path), overwrite: true);
    }

    /// <summary>The file that holds the bearer token.</summary>
    public string TokenFile => In("token");

    /// <summary>The bearer token kept here; made at the first start, readable by its owner only.</summary>
    /// <param name="isNew">Whether it was made now.</param>
    public string KeptToken(out bool isNew)
    {
        var file = TokenFile;
        isNew = false;
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept)
            return kept;

        isNew = true;

        var token = NewToken();
        using var writer = NewFile(file);
        writer.WriteLine(token);
        return token;
    }

    /// <summary>A token that nobody can guess.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public void Dispose()
    {
        File.Delete(AddressFile(Path));
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new StartFailure($"The data folder {path} can't be written: {exception.Message} Choose another one with --data DIR.");
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new DataFolderInUse(path, Holder(path), exception);
        }
        catch (IOException exception)
        {
            throw new StartFailure($"The data folder {path} can't be written: {exception.Message} Choose another one with --data DIR.");
        }
    }

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

    /// <summary>A file that only its owner can read.</summary>
    private static StreamWriter NewFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new StreamWriter(path, options);
    }

    private static string AddressFile(string path) => System.IO.Path.Combine(path, "address");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
