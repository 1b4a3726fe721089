namespace McpImageGen.AppHost;

/// <summary>The four servers that the services need: each is a container or an external server.</summary>
internal static class Servers
{
    /// <summary>The container that stores the images unless an external store is given.</summary>
    public const string ImageStore = "minio";

    /// <summary>The database's name.</summary>
    public const string JobsDatabase = "jobs";

    private const string Bucket = "images";
    private const string S3User = "mcpimagegen";

    /// <param name="builder">The AppHost.</param>
    /// <param name="withTools">Whether to run pgweb, a database browser.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddJobsDatabase(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenDatabase("jobs") is { } given)
            return given;

        var password = builder.AddPassword("jobs");
        var postgres = builder.AddPostgres("postgres", password: builder.AddPassword("postgres"))
            .WithImageOf("postgres-image")
            .WithEnvironment("POSTGRES_DB", JobsDatabase)
            .WithJobsRole(password)
            .WithDataVolume(builder.VolumeName("postgres"));
        if (withTools)
        {
            postgres.AddDatabase("jobs-as-superuser", JobsDatabase); // pgweb shows the databases of the model
            postgres.WithPgWeb();
        }

        var endpoint = postgres.Resource.PrimaryEndpoint;
        return builder.AddConnectionString(
            "jobs",
            ReferenceExpression.Create(
                $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)};Username={JobsRole.Name};Password={password};Database={JobsDatabase}"))
            .WithIconName("Database")
            .WithParentRelationship(postgres)
            .WaitFor(postgres);
    }

    /// <param name="builder">The AppHost.</param>
    /// <param name="withTools">Whether to enable the management plugin.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenBroker("messaging") is { } given)
            return given;

        var broker = builder.AddRabbitMQ("messaging", password: builder.AddPassword("messaging"));
        if (builder.ExecutionContext.IsPublishMode)
            return broker; // without a volume: lost messages are sent again from the jobs' rows

        if (withTools)
            broker.WithManagementPlugin().WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
        return broker.WithDataVolume(builder.VolumeName("rabbitmq")).WithImageOf("rabbitmq-image");
    }

    /// <summary>Redis only delivers signals and stores nothing, so it needs no volume.</summary>
    /// <param name="builder">The AppHost.</param>
    /// <param name="withTools">Whether to run Redis Insight.</param>
    public static IResourceBuilder<IResourceWithConnectionString> AddSignals(this IDistributedApplicationBuilder builder, bool withTools)
    {
        if (builder.AddGivenRedis("redis") is { } given)
            return given;

        var redis = builder.AddRedis("redis", password: builder.AddPassword("redis"))
            .WithImageOf("redis-image");
        if (withTools)
            redis.WithRedisInsight();
        return redis;
    }

    public static IResourceBuilder<IResourceWithConnectionString> AddImageStore(this IDistributedApplicationBuilder builder)
    {
        if (builder.AddGivenImageStore("images") is { } given)
            return given;

        // MinIO is archived, but its last image is still available. Another image that supports the same settings can be used instead.
        var password = builder.AddPassword(ImageStore);
        var store = builder.AddContainer(ImageStore, "quay.io/minio/minio", "RELEASE.2025-09-07T16-13-09Z")
            .WithImageOf("minio-image")
            .WithArgs("server", "/data", "--console-address", ":9001")
            .WithEnvironment("MINIO_ROOT_USER", S3User)
            .WithEnvironment("MINIO_ROOT_PASSWORD", password)
            .WithVolume(builder.VolumeName("minio"), "/data")
            .WithHttpEndpoint(targetPort: 9000, name: "s3")
            .WithS3HealthCheck()
            .WithIconName("Storage")
            .WithUrlForEndpoint("s3", url => url.DisplayText = "S3");
        if (builder.ExecutionContext.IsRunMode)
        {
            store.WithHttpEndpoint(targetPort: 9001, name: "console")
                .WithUrlForEndpoint("console", url => url.DisplayText = "MinIO console");
        }

        return builder.AddConnectionString(
            "images",
            ReferenceExpression.Create($"Endpoint={store.GetEndpoint("s3")};AccessKey={S3User};SecretKey={password};Bucket={Bucket}"))
            .WithIconName("ImageMultiple")
            .WithParentRelationship(store)
            .WaitFor(store);
    }

    /// <summary>An explicit password parameter, because the dashboard does not show passwords that Aspire generates implicitly.</summary>
    private static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string server) =>
        builder.AddGeneratedSecret($"{server}-password")
            .WithDescription($"The password of {server}. Generated at the first start and saved, because the data volume keeps it.");

    /// <summary>Uses another image for the server if the parameter is set, in the form <c>REGISTRY/NAME:TAG</c>.</summary>
    private static IResourceBuilder<T> WithImageOf<T>(this IResourceBuilder<T> container, string parameter)
        where T : ContainerResource =>
        container.ApplicationBuilder.Setting(parameter) is { } image ? container.WithImage(image) : container;

    /// <summary>The name of the volume with a server's data, by default <c>mcpimagegen-SERVER-data</c>.</summary>
    private static string VolumeName(this IDistributedApplicationBuilder builder, string server) =>
        $"{builder.Setting("volume-prefix", "mcpimagegen")}-{server}-data";
}
