using Aspire.Hosting.ApplicationModel;

namespace McpImageGen.Tests.AppHost.Targets;

public sealed class TargetTests
{
    [Theory]
    [InlineData("azure")]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    public async Task Published_model_does_not_contain_the_emulator(string target)
    {
        await using var model = await SystemModel.PublishAsync(target);

        Assert.DoesNotContain("workers-ai-emulator", model.Names);
        Assert.Contains("generation-worker", model.Names);
    }

    [Theory]
    [InlineData("azure", 2)]
    [InlineData("compose", 1)]
    [InlineData("kubernetes", 2)]
    public async Task Published_model_has_several_APIs_if_the_target_can_share_an_address(string target, int replicas)
    {
        await using var model = await SystemModel.PublishAsync(target);

        Assert.Equal(replicas, model.Find("mcp-api").GetReplicaCount());
    }

    [Fact]
    public async Task Only_the_API_has_an_external_endpoint()
    {
        await using var model = await SystemModel.PublishAsync("azure");

        var reachable = model.Names.Where(name =>
            model.Find(name).Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.IsExternal));

        Assert.Equal(["mcp-api"], reachable);
    }
}
