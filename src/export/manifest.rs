pub struct Manifest; pub struct Origin;
