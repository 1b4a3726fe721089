using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace McpImageGen.Tests.AppHost;

/// <summary>What the AppHost describes. It is not started, so nothing here needs Docker.</summary>
internal sealed class SystemModel : IAsyncDisposable
{
    public static readonly string[] Credentials = ["--Parameters:cloudflare-account-id=account", "--Parameters:cloudflare-api-token=token"];

    private readonly IDistributedApplicationTestingBuilder _builder;
    private ServiceProvider? _services;

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

    public IEnumerable<string> CommandsOf(string name) =>
        Find(name).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name).Order();

    /// <summary>The parameters that the dashboard shows.</summary>
    public IEnumerable<ParameterResource> Parameters =>
        _builder.Resources.OfType<ParameterResource>().Where(parameter => parameter is not IResourceWithConnectionString);

    /// <summary>Has the resource's endpoint be somewhere, as the orchestrator does.</summary>
    public void RunAt(string name, Uri address)
    {
        var endpoint = Find(name).Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "http");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address.Host, address.Port);
    }

    /// <summary>The AppHost's own services, without the application: that would start when it is built.</summary>
    public IServiceProvider Services => _services ??= _builder.Services.BuildServiceProvider();

    /// <summary>Executes a command as a program does, without a person to ask.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string name, string command, params (string Name, string Value)[] arguments)
    {
        var commands = Services.GetRequiredService<ResourceCommandService>();
        var inputs = arguments.Select(argument => new InteractionInput { Name = argument.Name, InputType = InputType.Text, Value = argument.Value });
        return await commands.ExecuteCommandAsync(
            Find(name), command, new InteractionInputCollection([.. inputs]), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
        await _builder.DisposeAsync();
    }

    private static async Task<SystemModel> DescribeAsync(string[] args) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.McpImageGen_AppHost>([.. AppHostSettings.OfNobody, .. args], TestContext.Current.CancellationToken));
}
