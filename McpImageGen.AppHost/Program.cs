using McpImageGen.AppHost;
#if PUBLISH_TARGETS
using McpImageGen.AppHost.Targets;
#endif

// MCP client ──▶ mcp-api ──▶ messaging ──▶ generation-worker ×N ──▶ Workers AI, or the emulator
//                   ▲                              │
//                   │                              ├──▶ images: the image
//                   └────────── redis ◀────────────┴──▶ jobs: the job's row
var builder = DistributedApplication.CreateBuilder(args);

var jobs = builder.AddJobsDatabase();
var messaging = builder.AddBroker();
var redis = builder.AddSignals();
var images = builder.AddImageStore();
var token = builder.AddAuthToken();

var api = builder.AddProject<Projects.McpImageGen_McpApi>("mcp-api")
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
    .WithReference(jobs, connectionName: "jobs").WaitFor(jobs)
    .WithReference(messaging, connectionName: "messaging").WaitFor(messaging)
    .WithReference(redis, connectionName: "redis").WaitFor(redis)
    .WithReference(images, connectionName: "images").WaitFor(images)
    .WithEnvironment("AUTH_TOKEN", token)
    .WithHttpEndpoint(port: 5280, targetPort: builder.ContainerPort())
    .WithExternalHttpEndpoints()
    .WithTrustedProxies()
    .WithProbes()
    .WithLinks()
    .WithTestImageCommand(token);

var worker = builder.AddProject<Projects.McpImageGen_GenerationWorker>("generation-worker")
    .WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString)
    .WithReference(jobs, connectionName: "jobs").WaitFor(jobs)
    .WithReference(messaging, connectionName: "messaging").WaitFor(messaging)
    .WithReference(redis, connectionName: "redis").WaitFor(redis)
    .WithReference(images, connectionName: "images").WaitFor(images)
    .WithWorkersAi()
    .WithEnvironment("Worker__Concurrency", builder.AddWorkerConcurrency())
    .WithReplicas(builder.WorkerReplicas())
    .WithHttpEndpoint(targetPort: builder.ContainerPort())
    .WithProbes();

#if PUBLISH_TARGETS
if (builder.ExecutionContext.IsPublishMode)
    builder.DeployTo(api, worker);
#else
builder.RefuseTargets();
#endif

builder.Build().Run();
