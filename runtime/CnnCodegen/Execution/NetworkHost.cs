namespace CnnCodegen.Execution;

/// <summary>Owns what a loaded network needs: the packed weights, a pool of workspaces, and the threads.</summary>
public sealed class NetworkHost
{
}
