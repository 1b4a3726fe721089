using McpImageGen.AppHost;
using McpImageGen.AppHost.Dashboard;
using McpImageGen.AppHost.Dashboard.DeadLetters;
#if PUBLISH_TARGETS
using McpImageGen.AppHost.Targets;
#endif

try
{
    // MCP client ──▶ mcp-api ──▶ messaging ──▶ generation-worker ×N ──▶ Workers AI, or the emulator
    //                   ▲                              │
    //                   │                              ├──▶ images: the image
    //                   └────────── redis ◀────────────┴──▶ jobs: the job's row
    var builder = DistributedApplication.CreateBuilder(args);

    var withTools = builder.AddToolsSwitch();
    var jobs = builder.AddJobsDatabase(withTools);
    var messaging = builder.AddBroker(withTools).WithDeadLetterCommands();
    var redis = builder.AddSignals(withTools);
    var images = builder.AddImageStore();
    var token = builder.AddAuthToken();

    var api = builder.AddProject<Projects.McpImageGen_McpApi>("mcp-api")
        .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
        .WithReference(jobs, connectionName: "jobs").WaitFor(jobs)
        .WithReference(messaging, connectionName: "messaging").WaitFor(messaging).WithBrokerAuthorities()
        .WithReference(redis, connectionName: "redis").WaitFor(redis)
        .WithReference(images, connectionName: "images").WaitFor(images)
        .WithEnvironment("AUTH_TOKEN", token)
        .WithHttpEndpoint(port: builder.ApiPort(), targetPort: builder.ContainerPort())
        .WithExternalHttpEndpoints()
        .WithTrustedProxies()
        .WithProbes()
        .WithReplicas(builder.AddApiReplicas())
        .WithLinks()
        .WithMcpEndpoint(token)
        .WithTestImageCommand();

    var worker = builder.AddProject<Projects.McpImageGen_GenerationWorker>("generation-worker")
        .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
        .WithReference(jobs, connectionName: "jobs").WaitFor(jobs)
        .WithReference(messaging, connectionName: "messaging").WaitFor(messaging).WithBrokerAuthorities()
        .WithReference(redis, connectionName: "redis").WaitFor(redis)
        .WithReference(images, connectionName: "images").WaitFor(images)
        .WithWorkersAi()
        .WithEnvironment("Worker__Concurrency", builder.AddWorkerConcurrency())
        .WithReplicas(builder.AddWorkerReplicas())
        .WithHttpEndpoint(targetPort: builder.ContainerPort())
        .WithProbes()
        .WithHealthLink()
        .WithDrainCommand();

#if PUBLISH_TARGETS
    if (builder.ExecutionContext.IsPublishMode)
        builder.DeployTo(api, worker);
#else
    builder.RefuseTargets();
#endif

    builder.UseNoCertificates();
    builder.ReportStartFailures();
    await builder.Build().RunAsync();
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } line)
{
    await Console.Error.WriteLineAsync($"Cannot start: {line}");
    return 1;
}
