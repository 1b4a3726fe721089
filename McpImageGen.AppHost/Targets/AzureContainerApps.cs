using System.Globalization;
using Azure.Provisioning.AppContainers;

namespace McpImageGen.AppHost.Targets;

/// <summary>The deployment to Azure Container Apps.</summary>
internal static class AzureContainerApps
{
    private const int ApiReplicas = 2;
    private const int MaxApiReplicas = 5;

    /// <summary>The mount options set the owner of a file share; Postgres requires exclusive ownership of its data.</summary>
    private const string OwnedByPostgres = "uid=999,gid=999,dir_mode=0700,file_mode=0600,nobrl,mfsymlinks,cache=none";

    public static void DeployToAzure(
        this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> worker)
    {
        builder.AddAzureContainerAppEnvironment("mcpimagegen");

        api.WithReplicas(ApiReplicas).PublishAsAzureContainerApp((_, app) => app.Template.Scale.MaxReplicas = MaxApiReplicas);
        worker.PublishAsAzureContainerApp((_, app) =>
        {
            app.Template.TerminationGracePeriodSeconds = Deployment.WorkerGraceSeconds;
            app.Template.Scale.MinReplicas = 1;
            app.Template.Scale.MaxReplicas = worker.Resource.GetReplicaCount();
            app.Template.Scale.Rules.Add(OnQueueLength());
        });

        foreach (var postgres in builder.Resources.OfType<PostgresServerResource>().ToList())
        {
            builder.CreateResourceBuilder(postgres).PublishAsAzureContainerApp((_, app) =>
            {
                foreach (var volume in app.Template.Volumes)
                    volume.Value!.MountOptions = OwnedByPostgres;
            });
        }
    }

    /// <summary>KEDA scaling rule: one worker per <c>waitingPerWorker</c> queued images.</summary>
    private static ContainerAppScaleRule OnQueueLength()
    {
        const int waitingPerWorker = 8; // one owner's backlog keeps 16 messages per worker in the queue (ADR 7), so this doubles the workers
        return new ContainerAppScaleRule
        {
            Name = "waiting-images",
            Custom = new ContainerAppCustomScaleRule
            {
                CustomScaleRuleType = "rabbitmq",
                Metadata =
                {
                    ["queueName"] = "generate-image",
                    ["protocol"] = "amqp",
                    ["mode"] = "QueueLength",
                    ["value"] = waitingPerWorker.ToString(CultureInfo.InvariantCulture),
                },
                // The secret that Aspire creates from the setting ConnectionStrings__messaging.
                Auth = { new ContainerAppScaleRuleAuth { TriggerParameter = "host", SecretRef = "connectionstrings--messaging" } },
            },
        };
    }
}
