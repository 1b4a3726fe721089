using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace McpImageGen.AppHost.Dashboard;

/// <summary>Registers the API as an MCP server that the AppHost calls, for dashboard commands and for agents that use the Aspire CLI.</summary>
internal static class McpEndpoint
{
    public const string Path = "/mcp";

    /// <summary>
    /// Offers the API's tools to agents through <c>aspire mcp</c> and <c>aspire agent mcp</c>, with the token of the owner <c>default</c>.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithMcpEndpoint(
        this IResourceBuilder<ProjectResource> api, IResourceBuilder<ParameterResource> token)
    {
        var endpoint = api.GetEndpoint("http");

        // Aspire calls the server with the AppHost's default HTTP client and has no other way to add a header.
        api.ApplicationBuilder.Services.AddHttpClient(Options.DefaultName)
            .AddHttpMessageHandler(() => new BearerTokenForTheApi(endpoint, token.Resource));
        return api.WithMcpServer(Path, "http");
    }

    private sealed class BearerTokenForTheApi(EndpointReference api, ParameterResource token) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsForTheApi(request.RequestUri))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token.GetValueAsync(cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }

        private bool IsForTheApi(Uri? address) =>
            api.IsAllocated && address is { AbsolutePath: Path } && address.Authority == new Uri(api.Url).Authority;
    }
}
