using CnnCodegen.Manifest;
using CnnCodegen.Weights;

if (args.Length != 2)
{
    Console.Error.WriteLine("error : give a weight file and the manifest to write");
    return 2;
}

try
{
    File.WriteAllText(args[1], ManifestText.Of(args[0]));
    return 0;
}
catch (Exception e) when (e is WeightFileException or IOException or UnauthorizedAccessException)
{
    // The form that a build understands.
    Console.Error.WriteLine($"{args[0]} : error : {e.Message}");
    return 1;
}
