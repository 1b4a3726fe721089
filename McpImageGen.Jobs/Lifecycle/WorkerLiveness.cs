namespace McpImageGen.Jobs.Lifecycle;

/// <summary>Which workers are alive, as observed by one process.</summary>
/// <param name="Known">The workers that have not left.</param>
/// <param name="Alive">Those of them whose heartbeat changed within the last 10 s.</param>
/// <param name="LeasesAreReliable">False after the database's clock has jumped ahead: leases then look expired that are not.</param>
public sealed record WorkerLiveness(IReadOnlyCollection<Guid> Known, IReadOnlyCollection<Guid> Alive, bool LeasesAreReliable)
{
    /// <summary>For the only process: no other has a worker.</summary>
    public static WorkerLiveness NoWorkers { get; } = new([], [], LeasesAreReliable: true);

    public bool IsAlive(Guid worker) => Alive.Contains(worker);
}
