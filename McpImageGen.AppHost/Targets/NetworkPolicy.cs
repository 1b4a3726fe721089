using Aspire.Hosting.Kubernetes.Resources;
using YamlDotNet.Serialization;

namespace McpImageGen.AppHost.Targets;

/// <summary>Kubernetes' network policy for connections to pods; Aspire has no type for it.</summary>
internal sealed class NetworkPolicy() : BaseKubernetesResource("networking.k8s.io/v1", "NetworkPolicy")
{
    [YamlMember(Alias = "spec")]
    public NetworkPolicySpec Spec { get; } = new();
}

internal sealed class NetworkPolicySpec
{
    [YamlMember(Alias = "podSelector")]
    public LabelSelectorV1 PodSelector { get; set; } = new();

    [YamlMember(Alias = "policyTypes")]
    public List<string> PolicyTypes { get; } = ["Ingress"];

    /// <summary>Without a rule, every connection is denied.</summary>
    [YamlMember(Alias = "ingress")]
    public List<NetworkPolicyRule> Ingress { get; } = [];
}

internal sealed class NetworkPolicyRule
{
    [YamlMember(Alias = "from")]
    public List<NetworkPolicyPeer> From { get; init; } = [];
}

internal sealed class NetworkPolicyPeer
{
    [YamlMember(Alias = "podSelector")]
    public LabelSelectorV1 PodSelector { get; init; } = new();
}
