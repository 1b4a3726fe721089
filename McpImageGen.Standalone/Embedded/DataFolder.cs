using System.Security.Cryptography;

namespace McpImageGen.Standalone.Embedded;

/// <summary>
/// The folder that contains all data of the standalone server. Only one process can use it at a time; the operating system
/// releases the lock however the process ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string DatabaseFile => In("jobs.db");

    public string ImagesFolder => In("images");

    /// <summary>The default folder, used without <c>--data</c>; null if the user has no folder for application data.</summary>
    public static string? DefaultPath =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } data ? System.IO.Path.Combine(data, "McpImageGen") : null;

    /// <summary>Opens the folder exclusively for this process; creates it if it does not exist.</summary>
    /// <exception cref="StartFailure">The folder is not writable, or another process is using it.</exception>
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
            throw new StartFailure($"The data folder {path} cannot be created: {exception.Message} Choose another folder with --data DIR.");
        }

        var folder = new DataFolder(path, Lock(path));
        File.Delete(AddressFile(path));
        return folder;
    }

    /// <summary>Publishes the address of this server to other processes of this user that find the folder in use.</summary>
    public void Publish(LocalServer server)
    {
        var unfinished = In("address.part");
        using (var writer = NewFile(unfinished))
            writer.Write($"{server.Address}\n{server.Token}\n");
        File.Move(unfinished, AddressFile(Path), overwrite: true);
    }

    /// <summary>The bearer token saved in the folder; generated at the first start, readable only by the file's owner.</summary>
    public string KeptToken()
    {
        var file = In("token");
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept)
            return kept;

        var token = NewToken();
        using var writer = NewFile(file);
        writer.WriteLine(token);
        return token;
    }

    /// <summary>Generates a random token of 192 bits.</summary>
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
            throw new StartFailure($"The data folder {path} is not writable: {exception.Message} Choose another folder with --data DIR.");
        }
        catch (IOException exception) when (File.Exists(file))
        {
            throw new DataFolderInUse(path, Holder(path), exception);
        }
        catch (IOException exception)
        {
            throw new StartFailure($"The data folder {path} is not writable: {exception.Message} Choose another folder with --data DIR.");
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

    /// <summary>Creates a file that only its owner can read.</summary>
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
