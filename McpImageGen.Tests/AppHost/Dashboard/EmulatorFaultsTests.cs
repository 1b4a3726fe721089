using McpImageGen.AppHost.Dashboard;
using McpImageGen.Tests.Emulator;
using McpImageGen.Tests.Testing;

namespace McpImageGen.Tests.AppHost.Dashboard;

/// <summary>The commands for the emulator's faults, with a real emulator at the place of the AppHost's.</summary>
[Slow]
public sealed class EmulatorFaultsTests
{
    private const string Name = "workers-ai-emulator";

    [Fact]
    public async Task Set_command_makes_the_next_requests_fail_with_the_selected_fault()
    {
        await using var emulator = await RunningEmulator.StartAsync();
        await using var model = await ModelOfAsync(emulator);

        var result = await model.ExecuteAsync(Name, EmulatorFaults.SetCommandName, ("kind", "bad-gateway"), ("number", "2"), ("retry-after", "5"));

        Assert.Equal((true, "The next 2 request(s) will fail with bad-gateway."), (result.Success, result.Message));
        Assert.Equal([502, 502, 200], await StatusesAsync(emulator, 3));
    }

    [Fact]
    public async Task Set_command_makes_a_share_of_requests_fail_until_faults_are_cleared()
    {
        await using var emulator = await RunningEmulator.StartAsync();
        await using var model = await ModelOfAsync(emulator);

        var set = await model.ExecuteAsync(Name, EmulatorFaults.SetCommandName, ("kind", "server-error"), ("which", "share"), ("number", "100"));
        Assert.Equal((true, "100% of requests will fail with server-error."), (set.Success, set.Message));
        Assert.Equal([500, 500], await StatusesAsync(emulator, 2));

        var cleared = await model.ExecuteAsync(Name, EmulatorFaults.ClearCommandName);
        Assert.True(cleared.Success, cleared.Message);
        Assert.Equal([200], await StatusesAsync(emulator, 1));
    }

    [Theory]
    [InlineData("kind", "no-fault")]
    [InlineData("number", "0")]
    [InlineData("number", "many")]
    [InlineData("retry-after", "86401")]
    public async Task Invalid_argument_of_the_set_command_is_rejected_before_a_request(string argument, string value)
    {
        await using var emulator = await RunningEmulator.StartAsync();
        await using var model = await ModelOfAsync(emulator);

        var result = await model.ExecuteAsync(Name, EmulatorFaults.SetCommandName, (argument, value));

        Assert.Equal((false, "Command argument validation failed."), (result.Success, result.Message));
        Assert.Equal([200], await StatusesAsync(emulator, 1));
    }

    private static async Task<SystemModel> ModelOfAsync(RunningEmulator emulator)
    {
        var model = await SystemModel.RunAsync();
        model.RunAt(Name, emulator.Client.BaseAddress!);
        return model;
    }

    private static async Task<IEnumerable<int>> StatusesAsync(RunningEmulator emulator, int requests)
    {
        var statuses = new List<int>();
        for (var request = 0; request < requests; request++)
        {
            using var response = await emulator.PromptAsync(RunningEmulator.Schnell, $"picture {request}");
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}
