using McpImageGen.Jobs.Images;
using McpImageGen.Standalone.Embedded;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.Ports;

public sealed class ImageFilesTests : ImageStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IImageStore> EmptyStoreAsync() => Task.FromResult<IImageStore>(new ImageFiles(_folder.Path));

    protected override Task PutBesideAsync(IImageStore store, string name) =>
        File.WriteAllBytesAsync(Path.Combine(_folder.Path, name[..2], name), Bytes(10), Cancel);
}
