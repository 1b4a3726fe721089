using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.AppHost.Tests;

/// <summary>What the AppHost describes, built but not started: nothing here needs Docker.</summary>
internal sealed class SystemModel : IAsyncDisposable
{
    public static readonly string[] Credentials = ["--Parameters:cloudflare-account-id=account", "--Parameters:cloudflare-api-token=token"];

    private readonly DistributedApplication _app;

    private SystemModel(DistributedApplication app) => _app = app;

    public IEnumerable<string> Names => Resources.Where(resource => !IsOfTheDashboard(resource)).Select(resource => resource.Name).Order();

    private IResourceCollection Resources => _app.Services.GetRequiredService<DistributedApplicationModel>().Resources;

    /// <summary>As <c>dotnet run</c> starts it.</summary>
    public static Task<SystemModel> RunAsync(params string[] args) => BuildAsync(args);

    /// <summary>As it is published.</summary>
    public static Task<SystemModel> PublishAsync(string target, params string[] args) =>
        BuildAsync(["--operation", "publish", "--step", "publish", "--deploy-to", target, .. Credentials, .. args]);

    /// <summary>Writes the manifest, azd's input, and returns it.</summary>
    public static async Task<string> ManifestAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mcpimagegen-manifest-");
        try
        {
            var path = Path.Combine(folder.FullName, "manifest.json");
            await using var model = await BuildAsync(["--publisher", "manifest", "--output-path", path]);
            await model._app.RunAsync(TestContext.Current.CancellationToken);
            return await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public IResource Find(string name) => Resources.Single(resource => resource.Name == name);

    public IEnumerable<string> WaitsOf(string name) =>
        Find(name).Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct().Order();

    /// <summary>The environment that a resource is given, its values as the AppHost set them, not yet resolved.</summary>
    public async Task<Dictionary<string, object>> EnvironmentOfAsync(string name)
    {
        var context = new EnvironmentCallbackContext(_app.Services.GetRequiredService<DistributedApplicationExecutionContext>(), Find(name));
        foreach (var annotation in Find(name).Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<SystemModel> BuildAsync(string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.McpImageGen_AppHost>(
            args, TestContext.Current.CancellationToken);
        return new SystemModel(await builder.BuildAsync(TestContext.Current.CancellationToken));
    }

    private static bool IsOfTheDashboard(IResource resource) =>
        resource is ParameterResource || resource.Name.Contains("dashboard", StringComparison.Ordinal) || resource.Name.Contains("rebuilder", StringComparison.Ordinal);
}
