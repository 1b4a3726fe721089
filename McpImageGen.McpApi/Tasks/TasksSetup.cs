using ModelContextProtocol.Server;

namespace McpImageGen.McpApi.Tasks;

internal static class TasksSetup
{
    /// <summary>Adds tasks for clients that support them.</summary>
    public static IMcpServerBuilder WithJobTasks(this IMcpServerBuilder mcp)
    {
        mcp.Services.AddSingleton<JobTasks>();
        mcp.Services.AddOptions<McpServerOptions>().Configure<JobTasks>((server, tasks) => tasks.AddTo(server));
        return mcp;
    }
}
