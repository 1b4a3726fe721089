using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace McpImageGen.Tests.AppHost;

/// <summary>What the AppHost describes. It is not started, so nothing here needs Docker.</summary>
internal sealed class SystemModel : IAsyncDisposable
{
    public static readonly string[] Credentials = ["--Parameters:cloudflare-account-id=account", "--Parameters:cloudflare-api-token=token"];

    private readonly IDistributedApplicationTestingBuilder _builder;

    private SystemModel(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    /// <summary>All but the parameters and what Aspire adds of its own.</summary>
    public IEnumerable<string> Names =>
        _builder.Resources
            .Where(resource => resource is ContainerResource or ProjectResource or IResourceWithConnectionString and not ParameterResource)
            .Select(resource => resource.Name)
            .Order();

    public IEnumerable<IResource> Resources => _builder.Resources;

    /// <summary>As <c>dotnet run</c> starts it.</summary>
    public static Task<SystemModel> RunAsync(params string[] args) => DescribeAsync(args);

    /// <summary>As it is published.</summary>
    public static Task<SystemModel> PublishAsync(string target, params string[] args) =>
        DescribeAsync(["--operation", "publish", "--deploy-to", target, .. Credentials, .. args]);

    /// <summary>Writes the manifest, azd's input, and returns it.</summary>
    public static async Task<string> ManifestAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mcpimagegen-manifest-");
        try
        {
            var path = Path.Combine(folder.FullName, "manifest.json");
            await using var model = await DescribeAsync(["--publisher", "manifest", "--output-path", path]);
            await using var app = await model._builder.BuildAsync(TestContext.Current.CancellationToken);
            await app.RunAsync(TestContext.Current.CancellationToken);
            return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public IResource Find(string name) => _builder.Resources.Single(resource => resource.Name == name);

    public IEnumerable<string> WaitsOf(string name) =>
        Find(name).Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct().Order();

    /// <summary>The environment that a resource is given, its values as the AppHost set them, not yet resolved.</summary>
    public async Task<Dictionary<string, object>> EnvironmentOfAsync(string name)
    {
        var context = new EnvironmentCallbackContext(_builder.ExecutionContext, Find(name));
        foreach (var annotation in Find(name).Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    public ValueTask DisposeAsync() => _builder.DisposeAsync();

    private static async Task<SystemModel> DescribeAsync(string[] args) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.McpImageGen_AppHost>(args, TestContext.Current.CancellationToken));
}
